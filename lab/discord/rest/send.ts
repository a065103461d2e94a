import type { ServerResponse } from 'node:http';

/** Answers JSON; a 204 has neither a body nor a type, as clients stumble over one. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  // Clients take a 429 without `Via` for a ban by the firewall in front of Discord.
  const usual = { via: '1.1 google', date: new Date().toUTCString(), ...headers };
  if (status === 204) response.writeHead(204, usual).end();
  else response.writeHead(status, { 'content-type': 'application/json', ...usual }).end(JSON.stringify(body));
}
