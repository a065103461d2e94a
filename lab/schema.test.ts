import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiForTests } from './api-for-tests.ts';
import { type Recorded, readGolden, send } from './golden-replay.ts';
import { type ApiSchema, answerComplaints, requestComplaints } from './schema.ts';
import { apiSchemas } from './schema-for-tests.ts';
import { startLab } from './start.ts';

/** A call of nobody's API, with one of each thing that can be wrong. */
const small: ApiSchema = {
  paths: {
    '/vms/{vmid}': {
      PUT: {
        parameters: {
          properties: {
            vmid: { type: 'integer', minimum: 100 },
            name: { type: 'string', maxLength: 5, optional: 1 },
            how: { type: 'string', enum: ['fast', 'slow'], optional: 1, requires: 'name' },
            'net[n]': {
              type: 'string',
              optional: 1,
              format: {
                model: { type: 'string', default_key: 1 },
                virtio: { alias: 'macaddr', keyAlias: 'model' },
                macaddr: { type: 'string', format: 'mac-addr', optional: 1 },
                tag: { type: 'integer', optional: 1 },
              },
            },
          },
        },
        returns: {
          type: 'object',
          additionalProperties: 0,
          properties: { list: { type: 'array', items: { type: 'integer' } }, on: { type: 'boolean', optional: 1 } },
        },
      },
    },
  },
};

test('a call that is not described, or not as described, is complained about', () => {
  const complaints = (given: Record<string, string>) => requestComplaints(small, 'PUT', '/vms/{vmid}', given);

  assert.deepEqual(requestComplaints(small, 'PUT', '/vms', {}), ['there is no such call']);
  assert.deepEqual(complaints({ vmid: '100', name: 'a', how: 'fast', net0: 'virtio=BC:24:11:00:00:01,tag=3' }), []);
  assert.deepEqual(complaints({ vmid: '99', name: 'abcdef', size: '1' }), [
    'vmid: 99 is less than 100',
    'name: abcdef is too short or too long',
    'size is not known',
  ]);
  assert.deepEqual(complaints({ how: 'later' }), [
    'how needs name',
    'how: later is not in the enumeration',
    'vmid is missing',
  ]);
  assert.deepEqual(complaints({ vmid: '100', net1: 'tag=x,vlan=1' }), [
    'net1.tag: x is no integer',
    'net1.vlan is not known',
    'net1.model is missing',
  ]);
});

test('an answer that is not described so is complained about; numbers may be texts and truths 0 and 1', () => {
  const complaints = (data: unknown) => answerComplaints(small, 'PUT', '/vms/{vmid}', data);

  assert.deepEqual(complaints({ list: [1, '2'], on: 1 }), []);
  assert.deepEqual(complaints(null), ['data is no object']);
  assert.deepEqual(complaints({ list: ['x'], on: 'maybe', more: 1 }), [
    'data.list[]: x is no integer',
    'data.on: maybe is no boolean',
    'data.more is not known',
  ]);
});

for (const version of ['8.4', '9.2'] as const) {
  const schema = apiSchemas[version];

  test(`what the real Proxmox ${version} took and answered fits its own description`, async (context) => {
    const golden = await readGolden(version);
    if (!golden || !schema) return context.skip('no recordings or no description here');

    const found = golden
      .filter(({ status, request }) => status === 200 && !request.path.endsWith('/upload'))
      .flatMap((recorded) => complaintsAbout(schema, recorded));

    assert.deepEqual(found, ['cluster.migrate.precondition: data.local_disks[].size is missing']);
  });

  test(`what does not fit ${version}'s description is kept, and the lab answers as ever`, async (context) => {
    if (!schema) return context.skip('no description here');
    await using lab = await startLab({ profile: version, schema });
    const api = apiForTests(lab);

    await api.get('/nodes/pve1/qemu');
    await api.call('POST', '/nodes/pve1/qemu', { vmid: 99 });

    const call = { call: 'POST /nodes/{node}/qemu', of: 'request', status: 400 };
    assert.deepEqual(lab.violations, [{ ...call, complaint: 'vmid: 99 is less than 100' }]);
    const told = await send(lab, 'GET', '/_lab/violations', {});
    assert.deepEqual((told.body as { data: unknown }).data, lab.violations);
  });

  test(`an upload is held against ${version}’s description too, though it comes as a stream`, async (context) => {
    if (!schema) return context.skip('no description here');
    await using lab = await startLab({ profile: version, schema });

    await apiForTests(lab).upload('pve1', 'local', 'a.iso', Buffer.alloc(2048), { content: 'snippets' });
    await apiForTests(lab).upload('pve1', 'local', 'a.iso', Buffer.alloc(2048));

    assert.deepEqual(
      lab.violations.map(({ of, status, complaint }) => [of, status, complaint]),
      [['request', 400, 'content: snippets is not in the enumeration']],
    );
  });
}

function complaintsAbout(schema: ApiSchema, { name, request, body }: Recorded): string[] {
  const [sent = '', query = ''] = request.path.replace('/api2/json', '').split('?');
  const pieces = sent.split('/').map(decodeURIComponent);
  const template = Object.keys(schema.paths).find((path) => fits(path.split('/'), pieces));
  if (template === undefined || sent === '/') return [];
  const names = template
    .split('/')
    .flatMap((part, at) => (part.startsWith('{') ? [[part.slice(1, -1), pieces[at]]] : []));
  const given = { ...Object.fromEntries(new URLSearchParams(query)), ...request.params, ...Object.fromEntries(names) };
  const texts = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, Array.isArray(value) ? value.map(String) : String(value)]),
  );
  const { data } = body as { data: unknown };
  return [
    ...requestComplaints(schema, request.method, template, texts),
    ...answerComplaints(schema, request.method, template, data),
  ].map((complaint) => `${name}: ${complaint}`);
}

function fits(template: readonly string[], pieces: readonly string[]): boolean {
  const long = template.at(-1) === '{volume}' && pieces.length > template.length;
  return (
    (long || template.length === pieces.length) &&
    template.every((part, at) => part.startsWith('{') || part === pieces[at])
  );
}
