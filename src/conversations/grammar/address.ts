/** The bot's name as people type it where the platform makes no mention of it; `ITR-7` is a ticket, not the bot. */
export const stripAddress = (text: string): string =>
  text.replace(/^\s*(?:[@＠/]\s*)?itr(?:[-_ ]?(?:bot|助手|机器人))?(?![-\w])[\s,:，：]*/i, '').trim();
