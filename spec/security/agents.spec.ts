import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { Agent, type AgentOptions, type ClientRequest, type ClientRequestArgs } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { connect as connectPlain } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectSecure } from 'node:tls';
import type { ConnectionError, Variables } from 'rx-graphql-ws';
import { testCertificates, type TestCertificates } from 'rx-graphql-ws/testing/server';
import { useTcp } from '../helpers/net/tcp-server.js';
import { useSocket } from '../helpers/use-socket.js';
import { useServer } from '../helpers/use-server.js';
import { canary, expectNoSecret } from './canary.js';

const secrets = {
  password: canary,
  passphrase: canary,
  auth: `user:${canary}`,
  headers: { 'Proxy-Authorization': `Basic ${canary}` },
};

type Created = (error: Error | null, socket: Duplex) => void;

/** Dials by itself, as agents for proxies do, and hangs its options on its errors, as those for SOCKS do. */
class ProxyAgent extends Agent {
  readonly proxy = new URL(`http://user:${canary}@proxy.example.org/`);
  readonly protocol: string;
  readonly secure: boolean;
  constructor(secure: boolean) {
    super(secrets as AgentOptions);
    this.secure = secure;
    this.protocol = secure ? 'https:' : 'http:';
  }
  override createConnection(options: ClientRequestArgs, created?: Created) {
    const { host, port } = options as { host: string; port: number };
    const socket = this.secure ? connectSecure({ host, port }) : connectPlain({ host, port });
    const proxied = { options: { proxy: this.proxy, ...secrets }, agent: this };
    const fail = (error: Error) => {
      const cause = new Error(canary);
      error.message = `${this.proxy.href}: ${error.message}`;
      created?.(Object.assign(error, proxied, { [Symbol('agent')]: this, cause }), socket);
    };
    socket.once('error', fail).once(this.secure ? 'secureConnect' : 'connect', () => {
      socket
        .off('error', fail)
        .prependListener('error', (error) => void Object.assign(error, proxied));
      created?.(null, socket);
    });
    return undefined;
  }
}

/** An agent that fails before there is a connection. */
class FailingAgent extends Agent {
  addRequest(_request: ClientRequest, options: object) {
    throw Object.assign(new Error('the proxy is off'), { options, agent: this, ...secrets });
  }
}

describe('an agent’s secrets are in no error', () => {
  const connect = useSocket();
  const serve = useServer();
  const listen = useTcp();
  let certificates: TestCertificates;
  before(async () => {
    certificates = await testCertificates();
  });

  /** The error of a dial, and all that is told of it. */
  async function dial(url: string, webSocketOptions: Variables) {
    const told: unknown[] = [];
    const socket = connect({
      url: `${url}?token=${canary}`,
      webSocketOptions: { ...webSocketOptions, ...secrets },
      connectionParams: { token: canary },
      retry: false,
    });
    socket.status$.subscribe((status) => told.push(status));
    socket.events$.subscribe((event) => told.push(event));
    const error = await new Promise<ConnectionError>((resolve) => {
      socket.query$('{ a }').subscribe({ error: resolve });
    });
    expectNoSecret(error);
    expectNoSecret(told);
    expect(told.length).to.be.greaterThan(2);
    return error;
  }

  const agents: readonly (readonly [string, (secure: boolean) => Agent])[] = [
    ['of Node', (secure) => new (secure ? SecureAgent : Agent)({ ...secrets, keepAlive: true })],
    ['of a proxy', (secure) => new ProxyAgent(secure)],
  ];
  for (const [whose, agent] of agents) {
    it(`${whose}, over a port where nobody listens`, async () => {
      const error = await dial('ws://127.0.0.1:1/', { agent: agent(false) });
      expect(error.message).to.match(/ connect ECONNREFUSED 127\.0\.0\.1:1$/);
      expect(error.cause).to.include({ code: 'ECONNREFUSED', syscall: 'connect', port: 1 });
      expect((error.cause as Error).stack).to.include('ECONNREFUSED');
    });

    it(`${whose}, over a host that has no such port at any address`, async () => {
      const error = await dial('ws://localhost:1/', { agent: agent(false) });
      expect(error.cause).to.include({ code: 'ECONNREFUSED' });
    });

    it(`${whose}, over HTTP 401, whose body repeats them`, async () => {
      const server = await listen((socket) =>
        socket.once('data', (request: Buffer) => {
          socket.end(`HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n${String(request)}`);
        }),
      );
      const error = await dial(server.url, { agent: agent(false) });
      expect(error).to.include({ status: 401 });
      expect(error.body).to.match(
        /^GET \/graphql\?token=\[redacted\] HTTP\/1\.1 .*Proxy-Authorization/i,
      );
    });

    it(`${whose}, over a certificate that nobody trusts`, async () => {
      const { url } = await serve({ tls: certificates.selfSigned });
      const error = await dial(url, { agent: agent(true) });
      expect(error.message).to.match(/\(TLS DEPTH_ZERO_SELF_SIGNED_CERT: look at `ca`/);
      expect(error.cause).to.include({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    });

    it(`${whose}, over a server without TLS`, async () => {
      const { url } = await serve();
      const error = await dial(url.replace('ws:', 'wss:'), { agent: agent(true) });
      expect(error.message).to.match(/no TLS there: `ws:`\?\)$/);
    });
  }

  it('that fails at once', async () => {
    const error = await dial('ws://127.0.0.1:1/', { agent: new FailingAgent() });
    expect(error).to.include({ name: 'ConfigurationError', option: 'webSocketOptions' });
    expect(error.cause).to.include({ message: 'the proxy is off' });
  });

  it('whose connection is reset, with the options on its error', async () => {
    const server = await listen((socket) => socket.once('data', () => socket.destroy()));
    const error = await dial(server.url, { agent: new ProxyAgent(false) });
    expect(error.cause).to.include({ code: 'ECONNRESET' });
  });
});
