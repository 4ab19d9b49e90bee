import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startServer } from '../../test/fakes/http-server.js';

it('does not wait for connections on which nothing was ever asked, as browsers open them in advance', async () => {
  const server = await startServer();
  const silent = connect(server.port, '127.0.0.1');
  await new Promise((resolve) => silent.once('connect', resolve));
  await server.ask('/healthz');
  silent.on('error', () => {});
  const before = performance.now();
  await server.close();
  expect(performance.now() - before).toBeLessThan(2_000);
  silent.destroy();
}, 90_000);
