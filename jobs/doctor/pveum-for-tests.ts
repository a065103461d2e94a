import assert from 'node:assert/strict';
import type { ApiForTests } from '#lab/api-for-tests.ts';

/** Types a line of `pveum` commands as root would: each becomes the API call that the command makes. */
export async function typePveum(root: ApiForTests, line: string): Promise<void> {
  for (const command of line.split(' && ')) {
    const [method, path, params] = toCall(shellWords(command));
    const answer = await root.call(method, path, params);
    assert.equal(answer.status, 200, `${command}: ${answer.reason} ${JSON.stringify(answer.body)}`);
  }
}

function toCall([program, noun, verb, subject = '', ...rest]: readonly string[]): [
  string,
  string,
  Record<string, string>,
] {
  assert.equal(program, 'pveum');
  // Of a token's line the second word is the user, and the third the token.
  if (noun === 'user' && verb === 'token') {
    assert.equal(subject, 'add');
    return ['POST', `/access/users/${rest[0]}/token/${rest[1]}`, options(rest.slice(2))];
  }
  const given = options(rest);
  switch (`${noun} ${verb}`) {
    case 'role add':
      return ['POST', '/access/roles', { roleid: subject, ...given }];
    case 'role modify':
      return ['PUT', `/access/roles/${subject}`, given];
    case 'acl modify':
      return ['PUT', '/access/acl', { path: subject, ...given }];
    case 'acl delete':
      return ['PUT', '/access/acl', { path: subject, ...given, delete: '1' }];
    case 'user add':
      return ['POST', '/access/users', { userid: subject, ...given }];
    case 'pool add':
      return ['POST', '/pools', { poolid: subject, ...given }];
    default:
      throw new Error(`pveum ${noun} ${verb} is not known here.`);
  }
}

/** `-user x --role y`; names of options may be cut short, as pveum takes them. */
function options(words: readonly string[]): Record<string, string> {
  const known = ['users', 'tokens', 'groups', 'roles', 'privs', 'privsep', 'append', 'propagate', 'comment'];
  const found: Record<string, string> = {};
  for (let at = 0; at < words.length; at += 2) {
    const wanted = (words[at] ?? '').replace(/^--?/, '');
    const name = known.find((one) => one.startsWith(wanted));
    assert.ok(name, `pveum has no option ${words[at]}.`);
    found[name] = words[at + 1] ?? '';
  }
  return found;
}

function shellWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}
