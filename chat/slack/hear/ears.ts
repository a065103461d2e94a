import type { ChatListener } from '#chat/platform.ts';
import type { Home } from '../home.ts';
import type { Bench } from '../send/bench.ts';

/** What is needed to hear what people do on Slack. */
export interface Ears extends Bench {
  readonly listener: ChatListener;
  readonly home: Home;
  /** Stands before each slash command. */
  readonly prefix: string;
}
