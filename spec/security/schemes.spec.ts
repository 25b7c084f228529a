import { expect } from 'chai';
import { describe, it } from 'mocha';
import { graphqlSocket } from 'rx-graphql-ws';
import { failureOf } from '../helpers/failure-of.js';
import { useTcp } from '../helpers/net/tcp-server.js';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';

describe('the schemes that may be dialled', () => {
  const connect = useSocket();
  const serve = useServer();
  const listen = useTcp();

  for (const url of [
    'ws+unix:///var/run/docker.sock:/graphql',
    'ws+unix:/var/run/docker.sock',
    'wss+unix:///tmp/a.sock',
    'file:///etc/passwd',
    'data:text/plain,a',
    'javascript:alert(1)',
    'blob:ws://example.org/1',
    'unix:/tmp/a.sock',
  ])
    it(`is not ${url}`, async () => {
      const bad = { name: 'ConfigurationError', option: 'url' };
      expect(() => graphqlSocket({ url }))
        .to.throw()
        .that.includes(bad);
      const late = connect({ url: () => url });
      expect(await failureOf(late.query$('{ a }'), 'ConfigurationError')).to.include(bad);
    });

  for (const status of [301, 302, 303, 307, 308])
    it(`is not where a ${status} leads`, async () => {
      const elsewhere = await listen();
      const server = await serve();
      server.failDials({ status, headers: { location: elsewhere.url } }, Infinity);
      const webSocketOptions = { headers: { 'X-Api-Key': 'key' } };
      const socket = connect({ url: server.url, webSocketOptions });
      const error = await failureOf(socket.query$('{ a }'), 'ConnectionError');
      expect(error.status).to.equal(status);
      expect(elsewhere.accepted).to.equal(0);
    });

  it('is not where a redirect leads that the user would follow', async () => {
    const elsewhere = await listen();
    const server = await serve();
    server.failDials({ status: 302, headers: { location: elsewhere.url } }, Infinity);
    const webSocketOptions = { followRedirects: true, headers: { 'X-Api-Key': 'key' } };
    const message =
      '`webSocketOptions.followRedirects` is refused: a redirect would take credentials elsewhere; give the final URL as `url`';
    const bad = { name: 'ConfigurationError', option: 'webSocketOptions', message };
    expect(() => graphqlSocket({ url: server.url, webSocketOptions }))
      .to.throw()
      .that.includes(bad);
    const late = connect({ url: server.url, webSocketOptions: () => webSocketOptions });
    expect(await failureOf(late.query$('{ a }'), 'ConfigurationError')).to.include(bad);
    expect(elsewhere.accepted).to.equal(0);
    expect(server.ledger.upgrades).to.have.length(0);
  });
});
