import { expect } from 'chai';
import { describe, it } from 'mocha';
import { useStage } from './rig/stage.js';

describe('Chromium: results in binary frames', function () {
  this.timeout(10_000);
  const staged = useStage();

  it(
    'C14: keep their order among those in text frames, large ones too',
    staged({ every: 60_000 }, async ({ page, server, until }) => {
      await page.call('start', { url: server.url, pingInterval: false });
      await server.ledger.until('started');
      const { id } = server.ledger.operations[0]!;
      const numbers = Array.from({ length: 400 }, (_, index) => index);
      const frames = numbers.map((number) => {
        // a reader that is asynchronous for bytes would be slowest with the large ones
        const padding = number % 10 === 4 ? 'x'.repeat(300_000) : '';
        const payload = { data: { rows: [{ number, at: Date.now(), padding }] } };
        const text = JSON.stringify({ type: 'next', id, payload });
        return number % 2 === 0 ? new TextEncoder().encode(text) : text;
      });
      server.send(...frames);
      const report = await until('all of them', (seen) => seen.numbers.length >= 400, 8_000);
      expect(report.numbers).to.deep.equal(numbers);
      expect(server.ledger.sent.filter(({ binary }) => binary)).to.have.lengthOf(200);
      expect(report.ended).to.equal(undefined);
    }),
  );
});
