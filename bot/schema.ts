import { z } from 'zod';
import { Config } from './config.ts';

/** The configuration file's JSON Schema, for editors. What has a default may be left out; so may all of it that `bot/defaults.ts` fills in. */
export function configSchema(): string {
  const schema = z.toJSONSchema(Config, { io: 'input', unrepresentable: 'any', target: 'draft-7' });
  const required = ['clusters', 'ssh'];
  const properties = schema.properties as Record<string, { required?: string[]; properties?: Record<string, object> }>;
  const { create, ssh } = properties;
  if (create) create.required = [];
  const ready = create?.properties?.ready as { required?: string[] } | undefined;
  if (ready) ready.required = [];
  if (ssh) ssh.required = ['privateKey'];
  return `${JSON.stringify({ ...schema, title: 'Botswain configuration', required }, null, 2)}\n`;
}
