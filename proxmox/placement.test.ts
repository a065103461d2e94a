import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '#base/errors.ts';
import type { InFlight } from './claims.ts';
import { choosePlacement, type Need, type NodeRoom, whyNot } from './placement.ts';

const gibibyte = 1024 ** 3;
const small: Need = { memoryMiB: 2048, diskGiB: 20, storage: 'nas' };

test('the node with the fewest VMs is chosen, the first by name when several tie', () => {
  const nodes = [roomy('pve3', { vms: vms(1) }), roomy('pve2', { vms: vms(1) }), roomy('pve1', { vms: vms(2) })];

  assert.deepEqual(choosePlacement(nodes, small), { node: 'pve2' });
});

test('what is being made counts as a VM, but only once it is there', () => {
  const coming = inFlight({ node: 'pve1', vmid: 5000 });
  const there = vms(1, { vmid: 5000 });
  const nodes = (one: NodeRoom) => [one, roomy('pve2', { vms: vms(1) })];

  const [notYet, already] = [
    { vms: vms(1), inFlight: [coming] },
    { vms: there, inFlight: [coming] },
  ].map((more) => choosePlacement(nodes(roomy('pve1', more)), small));

  assert.deepEqual([notYet?.node, already?.node], ['pve2', 'pve1']);
});

test('the emptiest node without room is passed over', () => {
  const nodes = [roomy('pve1', { memoryUsed: 15 * gibibyte }), roomy('pve2', { vms: vms(9) })];

  assert.deepEqual(choosePlacement(nodes, small), { node: 'pve2' });
});

for (const [what, more, reason] of [
  ['it is offline', { online: false }, 'pve1 is offline'],
  ['too much memory is in use', { memoryUsed: 13 * gibibyte }, 'pve1 has 1.3 GiB of memory left'],
  ['its running VMs may use too much', { vms: vms(7, { maxMemory: 2 * gibibyte }) }, 'pve1 has 409 MiB of memory left'],
  [
    'what is being made will use too much',
    { inFlight: [inFlight({ node: 'pve1', memoryMiB: 13_000 })] },
    'pve1 has 1.7 GiB of memory left',
  ],
  ['it has no such storage', { storageAvailable: undefined }, 'pve1 has no active storage nas'],
  ['its storage is full', { storageAvailable: 19.9 * gibibyte }, 'pve1 has 19 GiB left on nas'],
  [
    'what is being made will fill its storage',
    { storageAvailable: 50 * gibibyte, inFlight: [inFlight({ node: 'pve1', diskGiB: 40 })] },
    'pve1 has 10 GiB left on nas',
  ],
  [
    'creations on other nodes will fill the storage that it shares',
    { storageAvailable: 50 * gibibyte, storageShared: true, inFlight: [inFlight({ node: 'pve2', diskGiB: 40 })] },
    'pve1 has 10 GiB left on nas',
  ],
] as const) {
  test(`a node is refused when ${what}`, () => {
    assert.equal(whyNot(roomy('pve1', more), small), reason);
  });
}

test('VMs that are off, creations elsewhere and other storages take nothing', () => {
  const room = roomy('pve1', {
    vms: vms(9, { status: 'stopped', maxMemory: 8 * gibibyte }),
    inFlight: [
      inFlight({ node: 'pve2', memoryMiB: 16_000, diskGiB: 90 }),
      inFlight({ node: 'pve1', storage: 'other', diskGiB: 90 }),
    ],
  });

  assert.equal(whyNot(room, small), undefined);
});

test('a linked clone fits on a storage that is nearly full', () => {
  const room = roomy('pve1', { storageAvailable: gibibyte });

  assert.equal(whyNot(room, { ...small, diskGiB: 0 }), undefined);
});

test('the memory kept free is a setting', () => {
  const room = roomy('pve1', { memoryUsed: 13 * gibibyte });

  assert.equal(whyNot(room, { ...small, memoryReserve: 0 }), undefined);
});

test('when no node has room, the reason of each is told', () => {
  const nodes = [roomy('pve1', { memoryUsed: 13 * gibibyte }), roomy('pve2', { online: false })];

  assert.throws(
    () => choosePlacement(nodes, small),
    sentence(
      'No node has room for 2 GiB of memory and 20 GiB of disk: pve1 has 1.3 GiB of memory left, pve2 is offline.',
    ),
  );
});

test('a node with fewer CPUs than wanted is passed over; one that hides its number is not', () => {
  const nodes = [roomy('pve1', { cpus: 4 }), roomy('pve2', { cpus: 0 }), roomy('pve3', { cpus: 1 })];
  const [few = roomy('pve1'), , one = roomy('pve3')] = nodes;
  const wide = { ...small, cpus: 6 };

  assert.deepEqual(choosePlacement(nodes, wide), { node: 'pve2' });
  assert.deepEqual(choosePlacement(nodes, { ...small, cpus: 4 }), { node: 'pve1' });
  assert.throws(
    () => choosePlacement([few, one], wide),
    sentence('No node has room for 6 CPUs, 2 GiB of memory and 20 GiB of disk: pve1 has 4 CPUs, pve3 has 1 CPU.'),
  );
});

test('a node that was asked for is taken though others are emptier, and when it has no room that is told', () => {
  const nodes = [roomy('pve1', { vms: vms(5) }), roomy('pve2', { storageAvailable: 0 }), roomy('pve3')];

  assert.deepEqual(choosePlacement(nodes, small, 'pve1'), { node: 'pve1' });
  assert.throws(
    () => choosePlacement(nodes, small, 'pve2'),
    sentence('pve2 does not have room for 2 GiB of memory and 20 GiB of disk: pve2 has 0 GiB left on nas.'),
  );
  assert.throws(
    () => choosePlacement(nodes, small, 'pve11'),
    sentence('A new VM can\'t be made on "pve11". Did you mean pve1? Known: pve1, pve2, pve3.'),
  );
  assert.throws(() => choosePlacement([], small), sentence('There is no node that new VMs may be made on.'));
});

test('whatever the nodes are like, the chosen one has room and no other with room has fewer VMs, in any order', () => {
  const anyRoom = fc.record({
    node: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    online: fc.boolean(),
    cpus: fc.constant(8),
    memoryTotal: fc.constant(16 * gibibyte),
    memoryUsed: fc.double({ min: 0, max: 16 * gibibyte, noNaN: true }),
    storageAvailable: fc.option(fc.double({ min: 0, max: 100 * gibibyte, noNaN: true }), { nil: undefined }),
    vms: fc.integer({ min: 0, max: 6 }).map((count) => vms(count)),
    inFlight: fc.constant([]),
  });

  fc.assert(
    fc.property(fc.uniqueArray(anyRoom, { selector: ({ node }) => node }), (nodes) => {
      const fitting = nodes.filter((room) => whyNot(room, small) === undefined);
      if (fitting.length === 0) {
        assert.throws(() => choosePlacement(nodes, small), UserError);
        return;
      }
      const { node } = choosePlacement(nodes, small);
      const chosen = fitting.find((room) => room.node === node);
      assert.equal(chosen?.vms.length, Math.min(...fitting.map((room) => room.vms.length)));
      assert.deepEqual(choosePlacement(nodes.toReversed(), small), { node });
    }),
  );
});

/** A node with 16 GiB of memory and 100 GiB of storage, unless `more` says otherwise. */
function roomy(node: string, more: Partial<NodeRoom> = {}): NodeRoom {
  return {
    node,
    online: true,
    cpus: 8,
    memoryTotal: 16 * gibibyte,
    memoryUsed: 0,
    storageAvailable: 100 * gibibyte,
    vms: [],
    inFlight: [],
    ...more,
  };
}

function vms(count: number, more: Partial<NodeRoom['vms'][number]> = {}): NodeRoom['vms'] {
  return Array.from({ length: count }, (_, at) => ({ vmid: 100 + at, status: 'running', maxMemory: 0, ...more }));
}

function inFlight(more: Partial<InFlight>): InFlight {
  return { run: 'r-1', node: 'pve1', memoryMiB: 0, storage: 'nas', diskGiB: 0, ...more };
}

function sentence(message: string) {
  return (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.equal(error.message, message);
    return true;
  };
}
