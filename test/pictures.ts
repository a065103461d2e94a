import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mainJobInBrowser } from './browser-story.ts';
import { mainJobInChat } from './chat-browser-story.ts';
import { chatPages, startUp } from './up.ts';

/** `node test/pictures.ts`: makes the documentation's pictures anew, from the running program. */
const stateDir = join(tmpdir(), 'botswain');
const images = resolve(import.meta.dirname, '..', 'docs', 'images');
const up = await startUp(stateDir, ['--chat']);
await mainJobInBrowser(up.url, images, 60_000);
await mainJobInChat(chatPages(up.said()), images, 60_000);
up.child.kill('SIGINT');
await up.exited;
rmSync(stateDir, { recursive: true });
