import { expect } from 'chai';
import { describe, it } from 'mocha';
import { pageGoesOffline, pageWakes } from '../../lib/connection/reconnect/page-signals.js';
import { usePage } from '../helpers/fake-page.js';
import { virtually } from '../helpers/virtually.js';

const openPage = usePage();

describe('pageWakes and pageGoesOffline', () => {
  it(
    'tell the one from the other, and nothing once they are left',
    virtually(({ record }) => {
      const page = openPage();
      const [wakes, losses] = [record(pageWakes()), record(pageGoesOffline())];
      page.fire('offline');
      page.show('hidden');
      expect([wakes.values.length, losses.values.length]).to.deep.equal([0, 1]);
      page.fire('online');
      page.show('visible');
      page.fire('pageshow');
      expect([wakes.values.length, losses.values.length]).to.deep.equal([3, 1]);
      wakes.unsubscribe();
      losses.unsubscribe();
      page.fire('online');
      page.fire('offline');
      expect([wakes.values.length, losses.values.length]).to.deep.equal([3, 1]);
    }),
  );

  it(
    'need no document, because a worker has none',
    virtually(({ record }) => {
      const page = openPage({ document: false });
      const wakes = record(pageWakes());
      page.fire('online');
      expect(wakes.values).to.have.length(1);
      wakes.unsubscribe();
    }),
  );

  it(
    'never emit outside a page',
    virtually(({ record, advance }) => {
      const told = [record(pageWakes()), record(pageGoesOffline())];
      advance(1_000);
      for (const { log } of told) expect(log).to.deep.equal([]);
    }),
  );
});
