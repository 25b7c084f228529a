import { expect } from 'chai';
import { X509Certificate } from 'node:crypto';
import { before, describe, it } from 'mocha';
import { lastValueFrom } from 'rxjs';
import { useFakeTimers } from 'sinon';
import { testCertificates, type TestCertificates } from 'rx-graphql-ws/testing/server';
import { loadCertify } from '../../../lib/testing/server/certificates.js';
import { failureOf } from '../../helpers/failure-of.js';
import { failureOf as rejection } from '../../helpers/rejection.js';
import { useServer } from '../../helpers/use-server.js';
import { useSocket } from '../../helpers/use-socket.js';

const handle = () => [{ data: { secure: true } }];
const query = '{ secure }';

describe('testCertificates', () => {
  let certificates: TestCertificates;
  before(async () => {
    certificates = await testCertificates();
  });

  for (const [name, host, isSigned] of [
    ['server', 'localhost', true],
    ['client', undefined, true],
    ['expired', 'localhost', true],
    ['wrongHost', undefined, true],
    ['selfSigned', 'localhost', false],
  ] as const)
    it(`${name}: is good for ${host ?? 'no host here'}, and the authority signed it: ${isSigned}`, () => {
      const certificate = new X509Certificate(certificates[name].cert);
      const { publicKey, ca } = new X509Certificate(certificates.ca);
      expect([certificate.verify(publicKey), ca]).to.deep.equal([isSigned, true]);
      expect(certificate.checkHost('localhost')).to.equal(host);
      for (const address of ['127.0.0.1', '::1'])
        expect(certificate.checkIP(address)).to.equal(host && address);
    });

  it('are good whatever the clock of the test says', async () => {
    const clock = useFakeTimers({ toFake: ['Date'], now: 0 });
    const { server } = await testCertificates();
    clock.restore();
    expect(new Date(new X509Certificate(server.cert).validTo).getFullYear()).to.be.above(2040);
  });

  it('say what to install where selfsigned cannot be loaded', async () => {
    const cause = new Error('Cannot find package');
    const error = await rejection(loadCertify(() => Promise.reject(cause)));
    expect(String(error)).to.include('npm install --save-dev selfsigned');
    expect(error).to.have.property('cause', cause);
  });

  it('leave no helpers behind on the global object, and what was there', async () => {
    const globals = globalThis as Record<string, unknown>;
    globals.__before = () => 1;
    await loadCertify(async () => {
      globals.__during = () => 1;
      globals.__coverage = {};
      return await import('selfsigned');
    });
    expect(globals).to.include.keys('__before', '__coverage').and.not.include.keys('__during');
    delete globals.__before;
    delete globals.__coverage;
  });
});

describe('graphqlTestServer tls', () => {
  const serve = useServer();
  const connect = useSocket();

  it('makes a certificate that is to be trusted', async () => {
    for (const tls of ['self-signed', { certificate: 'self-signed' }] as const) {
      const { url, certificate } = await serve({ handle, tls });
      expect(url).to.match(/^wss:/);
      for (const host of ['127.0.0.1', 'localhost']) {
        const socket = connect({
          url: url.replace('127.0.0.1', host),
          webSocketOptions: { ca: certificate },
        });
        expect(await lastValueFrom(socket.query$(query))).to.deep.equal({ secure: true });
      }
    }
  });

  const refused = {
    'self-signed': ['DEPTH_ZERO_SELF_SIGNED_CERT', undefined],
    expired: ['CERT_HAS_EXPIRED', 'CERT_HAS_EXPIRED'],
    'wrong-host': ['DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  } as const;
  for (const [tls, [distrusted, trusted]] of Object.entries(refused))
    it(`makes a certificate that is refused: ${tls}`, async () => {
      const { url, certificate, ledger } = await serve({ tls: tls as keyof typeof refused });
      const untrusting = connect({ url });
      const error = await failureOf(untrusting.query$(query), 'ConnectionError');
      expect(error.message).to.include(distrusted);
      if (trusted !== undefined) {
        const trusting = connect({ url, webSocketOptions: { ca: certificate } });
        const second = await failureOf(trusting.query$(query), 'ConnectionError');
        expect(second.message).to.include(trusted);
      }
      expect(ledger.upgrades).to.deep.equal([]);
    });
});
