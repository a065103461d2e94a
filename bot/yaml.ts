import { parseDocument } from 'yaml';
import { UserError } from '#base/errors.ts';

/**
 * What a YAML text holds; an empty section for an empty one. Throws a `UserError` that names the first line that can't
 * be read, and shows nothing of it: a secret may stand there.
 */
export function readYaml(text: string, where: string): unknown {
  const document = parseDocument(text, { merge: true, logLevel: 'error' });
  // A tag that nobody knows (`!vault`) is only a warning to the parser, which would take what stands behind it as it is.
  const [trouble] = [...document.errors, ...document.warnings];
  if (trouble) throw notYaml(where, trouble);
  try {
    return document.toJS() ?? {};
  } catch (error) {
    // An alias of nothing is found only now.
    throw notYaml(where, error as Error);
  }
}

function notYaml(where: string, error: Error): UserError {
  const code = 'code' in error ? error.code : '';
  const [what = ''] = error.message.split('\n');
  const line = / at line \d+, column \d+/.exec(what)?.[0] ?? '';
  const own = code === 'MULTIPLE_DOCS' ? `it holds several documents, parted by ---; write one${line}.` : undefined;
  return new UserError(`${where} is not YAML: ${own ?? what.replace(/:$/, '.')}`, { cause: error });
}
