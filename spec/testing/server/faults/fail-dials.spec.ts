import { expect } from 'chai';
import { describe, it } from 'mocha';
import { failureOf } from '../../../helpers/failure-of.js';
import { useServer } from '../../../helpers/use-server.js';
import { useSocket } from '../../../helpers/use-socket.js';
import { answerTo, connect } from '../raw-client.js';

describe('failDials', () => {
  const serve = useServer();
  const socketTo = useSocket();

  it('answers the next dials, in the order of the calls', async () => {
    const server = await serve();
    server.failDials({ status: 503, headers: { 'Retry-After': '1' }, body: 'later' }, 2);
    server.failDials({ status: 302, headers: { Location: 'ws://127.0.0.1:1/' } });
    expect(await answerTo(`${server.url}/other`)).to.include({ status: 404 });
    for (let i = 0; i < 2; i++) {
      const response = await answerTo(server.url);
      expect(response).to.deep.include({ status: 503, body: 'later' });
      expect(response.headers).to.include({ 'retry-after': '1' });
    }
    const error = await failureOf(socketTo({ url: server.url }).query$('{ a }'), 'ConnectionError');
    expect(error.status).to.equal(302);
    await connect(server.url);
  });

  it('goes on until accept() with Infinity', async () => {
    const server = await serve();
    server.failDials({ status: 404 }, Infinity);
    for (let i = 0; i < 3; i++) expect(await answerTo(server.url)).to.include({ status: 404 });
    server.accept();
    await connect(server.url);
  });
});
