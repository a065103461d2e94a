import { resolve } from 'node:path';
import { Ajv, type AnySchema, type ValidateFunction } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

type Schema = Record<string, unknown>;

/**
 * What Slack takes, as Slack's own types say it: `@slack/types` as JSON Schema, with the lengths that stand in its comments ("Maximum length for this field is 75
 * characters"). Takes 1 to 3 s to make.
 */
export function slackTypes(): Record<'KnownBlock' | 'ModalView' | 'HomeView', ValidateFunction> {
  const path = resolve(import.meta.dirname, '../../node_modules/@slack/types/dist/index.d.ts');
  const options = { path, type: '*', skipTypeCheck: true, additionalProperties: false, jsDoc: 'extended' as const };
  const schema = createGenerator(options).createSchema('*') as Schema;
  withLengths(schema);
  const ajv = new Ajv({ strict: false }).addSchema(schema as AnySchema, 'slack');
  const of = (name: string) => ajv.compile({ $ref: `slack#/definitions/${name}` });
  return { KnownBlock: of('KnownBlock'), ModalView: of('ModalView'), HomeView: of('HomeView') };
}

/** Puts each length that a property's comment names where it counts: at the string itself, or at the text of a text object. */
function withLengths(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  for (const property of Object.values((schema as { properties?: Record<string, Schema> }).properties ?? {})) {
    const most = /maximum (?:(?:length|number)[^.]*?(?:is|of) |of )?(\d+)/i.exec(commentOf(property))?.[1];
    if (most === undefined || property.type === 'number') continue;
    const count = Number(most);
    if (property.type === 'string') property.maxLength = count;
    else if (property.type === 'array') property.maxItems = count;
    else property.allOf = [{ properties: { text: { maxLength: count } } }];
  }
  for (const part of Object.values(schema)) withLengths(part);
}

const commentOf = ({ description }: Schema) => String(description ?? '').replace(/\s+/g, ' ');
