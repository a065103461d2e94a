import type { Server as TlsServer } from 'node:https';
import { createServer, type Server } from 'node:net';

const tlsHandshake = 0x16;

/**
 * Listens for an HTTPS server and sends who speaks plain HTTP away with a 301, as `pveproxy` does on its one port.
 * While it is not up, nobody is let in. The connections belong to the HTTPS server once they have begun to speak TLS.
 */
export function openDoor(server: TlsServer, isUp: () => boolean): Server {
  return createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    if (!isUp()) return void socket.destroy();
    socket.once('readable', () => {
      const first = socket.read() as Buffer | null;
      if (first === null) return void socket.destroy();
      if (first[0] !== tlsHandshake) return void socket.end(movedPermanently);
      socket.unshift(first);
      server.emit('connection', socket);
    });
  });
}

const movedPermanently = [
  'HTTP/1.1 301 Moved Permanently',
  'Server: pve-api-daemon/3.0',
  'Connection: close',
  'Content-Length: 17',
  '',
  'Moved Permanently',
].join('\r\n');
