import { expect } from 'chai';
import { describe, it } from 'mocha';
import { pageGoesOffline, pageWakes } from '../../lib/connection/reconnect/page-signals.js';
import { usePage } from '../helpers/fake-page.js';
import { virtually } from '../helpers/virtually.js';

const openPage = usePage();

describe('pageWakes', () => {
  it(
    'emits when the page is online, visible, or shown again',
    virtually(({ record }) => {
      const page = openPage();
      const wakes = record(pageWakes());
      page.fire('online');
      expect(wakes.values).to.have.length(1);
      page.show('hidden');
      expect(wakes.values).to.have.length(1);
      page.show('visible');
      expect(wakes.values).to.have.length(2);
      page.fire('pageshow');
      expect(wakes.values).to.have.length(3);
      page.fire('offline');
      expect(wakes.values).to.have.length(3);
      wakes.unsubscribe();
      page.fire('online');
      page.show('visible');
      expect(wakes.values).to.have.length(3);
    }),
  );

  it(
    'needs no document: a worker has none',
    virtually(({ record }) => {
      const page = openPage({ document: false });
      const wakes = record(pageWakes());
      page.fire('online');
      expect(wakes.values).to.have.length(1);
      wakes.unsubscribe();
    }),
  );

  it(
    'never emits outside a page',
    virtually(({ record, advance }) => {
      const wakes = record(pageWakes());
      advance(1_000);
      expect(wakes.log).to.deep.equal([]);
    }),
  );
});

describe('pageGoesOffline', () => {
  it(
    'emits when the network is gone',
    virtually(({ record }) => {
      const page = openPage();
      const losses = record(pageGoesOffline());
      page.fire('online');
      expect(losses.values).to.have.length(0);
      page.fire('offline');
      expect(losses.values).to.have.length(1);
      losses.unsubscribe();
      page.fire('offline');
      expect(losses.values).to.have.length(1);
    }),
  );

  it(
    'never emits outside a page',
    virtually(({ record }) => {
      expect(record(pageGoesOffline()).log).to.deep.equal([]);
    }),
  );
});
