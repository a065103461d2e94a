import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

type Definitions = Readonly<Record<string, Definition>>;
interface Definition {
  readonly anyOf?: readonly { readonly $ref?: string }[];
  readonly properties?: { readonly type?: { readonly const?: string } };
}

/** Says what is wrong with a value: `must be less than 151 characters [json-pointer:/text/text]`. Empty when it is right. */
export type Check = (value: unknown) => string[];

export interface Schemas {
  /** By its type: `section`. */
  readonly blocks: ReadonlyMap<string, Check>;
  readonly modal: Check;
  readonly home: Check;
  readonly option: Check;
  readonly attachment: Check;
}

/** What Slack's own types say. */
export const schemas: Schemas = compile();

function compile(): Schemas {
  const file = join(import.meta.dirname, 'slack-types.schema.json');
  const schema = JSON.parse(readFileSync(file, 'utf8')) as { definitions: Definitions };
  const ajv = new Ajv({ strict: false, allErrors: true }).addSchema(schema, 'slack');
  const of = (name: string) => checkWith(ajv.compile({ $ref: `slack#/definitions/${name}` }));
  const names = schema.definitions.KnownBlock?.anyOf?.map(({ $ref }) => $ref?.split('/').at(-1) ?? '') ?? [];
  return {
    blocks: new Map(names.map((name) => [schema.definitions[name]?.properties?.type?.const ?? name, of(name)])),
    modal: of('ModalView'),
    home: of('HomeView'),
    option: of('Option'),
    attachment: of('MessageAttachment'),
  };
}

const mostTold = 5;

function checkWith(validate: ValidateFunction): Check {
  return (value) =>
    validate(value)
      ? []
      : telling(validate.errors ?? [])
          .slice(0, mostTold)
          .map(sentence);
}

/** A union complains once for each of its kinds: what is left is what the deepest place says, other than that it is of another kind. */
function telling(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const real = errors.filter(({ keyword }) => !['anyOf', 'const', 'enum'].includes(keyword));
  const best = real.length > 0 ? real : errors;
  const deepest = Math.max(...best.map(({ instancePath }) => instancePath.split('/').length));
  return best.filter(({ instancePath }) => instancePath.split('/').length === deepest);
}

function sentence({ keyword, message, params, instancePath }: ErrorObject): string {
  const { limit, additionalProperty } = params as { limit?: number; additionalProperty?: string };
  const words: Readonly<Record<string, string>> = {
    maxLength: `must be less than ${(limit ?? 0) + 1} characters`,
    maxItems: `no more than ${limit} items allowed`,
    additionalProperties: `invalid additional property: ${additionalProperty}`,
  };
  return `[ERROR] ${words[keyword] ?? message} [json-pointer:${instancePath}]`;
}
