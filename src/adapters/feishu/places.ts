/** In which chat a message is: events of reactions do not say it. Remembers the newest; what is forgotten, or was before the start, is asked for. */
export class Places {
  private readonly chats = new Map<string, string>();
  private readonly max: number;
  private readonly stored: (message: string) => Promise<string | null>;
  private readonly ask: (message: string) => Promise<string | null>;

  constructor(options: {
    /** What our own database knows. */
    readonly stored: (message: string) => Promise<string | null>;
    /** What Feishu knows; null: nothing, or not for us. Throws where it could not be asked. */
    readonly ask: (message: string) => Promise<string | null>;
    readonly max?: number;
  }) {
    this.stored = options.stored;
    this.ask = options.ask;
    this.max = options.max ?? 20_000;
  }

  learn(message: string, chat: string): void {
    this.chats.delete(message);
    this.chats.set(message, chat);
    const oldest = this.chats.keys().next();
    if (this.chats.size > this.max && oldest.done !== true) this.chats.delete(oldest.value);
  }

  async chatOf(message: string): Promise<string | null> {
    const known = this.chats.get(message) ?? (await this.stored(message)) ?? (await this.ask(message));
    if (known !== null) this.learn(message, known);
    return known;
  }
}
