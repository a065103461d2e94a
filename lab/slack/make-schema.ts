import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';

type Schema = { [key: string]: unknown };

/** What is checked: as `@slack/types` names it. */
const wanted = ['KnownBlock', 'ModalView', 'HomeView', 'Option', 'MessageAttachment'];

/** The file that holds it. Written anew by `node lab/slack/make-schema.ts`. */
export const schemaFile = join(import.meta.dirname, 'rules/slack-types.schema.json');

/**
 * What Slack takes, as its own types say it: `@slack/types` as JSON Schema, with the lengths that stand only in its comments ("Maximum length for this
 * field is 75 characters"). Takes some seconds.
 */
export function makeSchema(): string {
  const path = join(import.meta.dirname, '../../node_modules/@slack/types/dist/index.d.ts');
  const generator = createGenerator({ path, skipTypeCheck: true, additionalProperties: false, jsDoc: 'extended' });
  const definitions: Schema = {};
  for (const type of wanted) Object.assign(definitions, generator.createSchema(type).definitions);
  takeLengths(definitions);
  const sorted = Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify(
    { $schema: 'http://json-schema.org/draft-07/schema#', definitions: sorted },
    withoutProse,
    1,
  );
  return `${text}\n`;
}

/** Puts each length that a property's comment names where it counts: at the string or list itself, or at the text of a text object. */
function takeLengths(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  for (const property of Object.values((schema as { properties?: Record<string, Schema> }).properties ?? {})) {
    const comment = String(property.description ?? '').replace(/\s+/g, ' ');
    const most = /max(?:imum)? (?:(?:length|number)[^.]*?(?:is|of) |of )?([\d,]+)/i.exec(comment)?.[1];
    if (most === undefined || property.type === 'number') continue;
    const count = Number(most.replace(',', ''));
    if (property.type === 'string') property.maxLength = count;
    else if (property.type === 'array') property.maxItems = count;
    else property.allOf = [{ properties: { text: { maxLength: count } } }];
  }
  for (const part of Object.values(schema)) takeLengths(part);
}

function withoutProse(key: string, value: unknown): unknown {
  return ['description', 'deprecated', 'examples'].includes(key) && typeof value !== 'object' ? undefined : value;
}

if (import.meta.main) writeFileSync(schemaFile, makeSchema());
