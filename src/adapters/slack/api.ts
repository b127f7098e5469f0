import type { WebClient } from '@slack/web-api';
import type { Account } from './account.ts';
import { toDeliveryError } from './errors.ts';

/** A call of Slack's Web API: the outcome is noted for `health()`, and an error becomes a `DeliveryError`. */
export class Api {
  private readonly client: WebClient;
  private readonly account: Account;

  constructor(client: WebClient, account: Account) {
    this.client = client;
    this.account = account;
  }

  async call<T>(method: string, run: (client: WebClient) => Promise<T>): Promise<T> {
    try {
      const result = await run(this.client);
      this.account.works();
      return result;
    } catch (error) {
      this.account.failed(method, error);
      throw toDeliveryError(method, error);
    }
  }
}
