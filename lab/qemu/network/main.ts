import { existsSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { leaseFile } from './leases.ts';
import { labSegment, leaseRange } from './segment.ts';

/**
 * The segment as a process of its own: `node network/main.ts SOCKET LEASES PIDFILE`. QEMU 7.2 does not reconnect a card that has
 * lost its switch, so the switch must outlive a restart of the lab while machines run.
 */
const [socket = '', leases = '', pidFile = ''] = process.argv.slice(2);

const network = labSegment(leaseFile(leases, leaseRange()));
await rm(socket, { force: true });
const server = createServer((connection) => network.plug(connection));
writeFileSync(pidFile, `${process.pid}\n`);
server.listen(socket);
process.on('SIGTERM', () => process.exit(0));
// Nobody can find this process any more when its state directory has been thrown away.
setInterval(() => existsSync(pidFile) || process.exit(0), 10_000).unref();
