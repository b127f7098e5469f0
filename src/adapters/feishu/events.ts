/** The events that the app has to subscribe to, and what is lost without. The set-up page names them; Feishu tells nobody which ones are missing. */
export const EVENTS: Readonly<Record<string, string>> = {
  'im.message.receive_v1': 'everything that is said',
  'im.message.recalled_v1': 'that a message was recalled',
  'im.message.reaction.created_v1': 'gestures',
  'im.message.reaction.deleted_v1': 'gestures that are taken back',
  'im.chat.member.bot.added_v1': 'the greeting in a chat',
  'im.chat.member.bot.deleted_v1': 'that it was removed from a chat',
  'im.chat.disbanded_v1': 'that a chat is no more',
  'im.chat.access_event.bot_p2p_chat_entered_v1': 'help for who opens the direct conversation for the first time',
  'application.bot.menu_v6': 'the menu of the direct conversation',
  'contact.user.updated_v3': 'new names',
};

/** Subscribed to at another place of the console, and answered on the spot. */
export const CALLBACKS: Readonly<Record<string, string>> = {
  'card.action.trigger': 'the buttons and forms of cards',
};
