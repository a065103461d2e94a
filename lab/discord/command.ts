export interface Command {
  readonly id: string;
  version: string;
  readonly guildId: string | undefined;
  readonly name: string;
  /** 1 is a slash command. */
  readonly type: number;
  description: string;
  options: readonly Option[];
  /** As it was sent, for what the lab does not look at. */
  more: Readonly<Record<string, unknown>>;
}

export interface Option {
  readonly type: number;
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  readonly autocomplete?: boolean;
  readonly choices?: readonly Choice[];
  readonly options?: readonly Option[];
  readonly min_value?: number;
  readonly max_value?: number;
  readonly min_length?: number;
  readonly max_length?: number;
}

export interface Choice {
  readonly name: string;
  readonly value: string | number;
}
