/** The limits of the real service, or what a test wants instead. Times in ms. */
export interface Settings {
  /** How long an interaction waits for its first answer. */
  readonly answerMs: number;
  /** How long an interaction's token lives after that. */
  readonly tokenMs: number;
  /** From which age on a message can be edited only a few times. */
  readonly oldMessageMs: number;
  /** How many edits of old messages a channel takes in `oldEditsMs`. Discord does not tell its numbers. */
  readonly oldEdits: number;
  readonly oldEditsMs: number;
  /** How long a nonce is remembered: "in the past few minutes". */
  readonly nonceMs: number;
  /** How long a dropped session can be resumed. */
  readonly resumeMs: number;
  readonly heartbeatMs: number;
  /** Of one file, in bytes. */
  readonly mostFileBytes: number;
  /** Privileged intents that the application was not granted: bits. 4014 for a session that asks for one. */
  readonly refusedIntents: number;
  /** Whether requests are counted against the buckets. */
  readonly rateLimits: boolean;
}

export const realSettings: Settings = {
  answerMs: 3_000,
  tokenMs: 15 * 60_000,
  oldMessageMs: 60 * 60_000,
  oldEdits: 3,
  oldEditsMs: 20_000,
  nonceMs: 3 * 60_000,
  resumeMs: 3 * 60_000,
  heartbeatMs: 41_250,
  mostFileBytes: 10 * 1024 * 1024,
  // GUILD_MEMBERS, GUILD_PRESENCES and MESSAGE_CONTENT have to be granted in the developer portal.
  refusedIntents: (1 << 1) | (1 << 8) | (1 << 15),
  rateLimits: true,
};
