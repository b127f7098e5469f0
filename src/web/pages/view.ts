import type { Policy } from '../../domain/policy.ts';
import type { Language } from '../../domain/words.ts';
import type { Labels } from '../deps.ts';
import type { PageTexts } from './texts.ts';

/** What every page knows of its reader. */
export interface PageView {
  readonly language: Language;
  readonly texts: PageTexts;
  readonly labels: Labels;
  readonly policy: Policy;
  readonly now: number;
  readonly timezone: string;
  /** Open to everybody on this machine. */
  readonly open: boolean;
  readonly signedIn: boolean;
  readonly playground: boolean;
  readonly version: string;
  /** This page's address with one parameter changed; null: without it. */
  sameWith(name: string, value: string | null): string;
}

export const personName = (id: string, policy: Policy): string => policy.people.get(id)?.name ?? id;
export const teamName = (id: string, policy: Policy): string => policy.teams.get(id)?.name ?? id;
export const customerName = (id: string, policy: Policy): string => policy.customers.get(id)?.name ?? id;
export const projectName = (id: string, policy: Policy): string => policy.projects.get(id)?.name ?? id;
export const productName = (id: string, policy: Policy): string => policy.products.get(id)?.name ?? id;
