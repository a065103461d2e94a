import type { Method } from './method.ts';
import { appMethods } from './methods/app.ts';
import { chatMethods } from './methods/chat.ts';
import { conversationMethods } from './methods/conversations.ts';
import { fileMethods } from './methods/files.ts';
import { historyMethods } from './methods/history.ts';
import { markMethods } from './methods/marks.ts';
import { peopleMethods } from './methods/people.ts';
import { viewMethods } from './methods/views.ts';

/** Every method of the Web API that is here, by its name. */
export const methods: Readonly<Record<string, Method>> = {
  ...appMethods,
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...historyMethods,
  ...markMethods,
  ...peopleMethods,
  ...viewMethods,
};
