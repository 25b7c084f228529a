import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type Chromium, launchChromium } from '../browser/rig/chromium.js';
import { failureOf } from '../helpers/rejection.js';
import { checks, isQuiet, type Check } from './checks.js';
import { type Feeds, startFeeds } from './feeds.js';
import { lazyRoute, login, losses } from './life.js';
import { nothingPrerendered, passThrough, zoned, zoneless } from './variants.js';
import { build, type Pages, servePages } from './workspace.js';

const inBrowser: Readonly<Record<string, Check>> = {
  'a user logs in, outlives a token, and logs out': login,
  'a stall and a restart are seen, and the stream goes on with a gap': losses,
  'a lazy route has a socket of its own': lazyRoute,
};

const quiet = {
  'frames for nobody cause no change detection, and the application is stable': isQuiet,
};

describe('the Angular application', function () {
  this.timeout(180_000);
  let feeds: Feeds;
  let chromium: Chromium;

  before(async () => {
    feeds = await startFeeds();
    chromium = await launchChromium();
  });

  after(async () => {
    await chromium.close();
    await feeds.down();
  });

  /** Serves what `prepare` has built, while the cases run. */
  const serving = (
    prepare: () => Promise<string>,
    define: (play: (check: Check) => () => Promise<void>) => void,
  ) => {
    let pages: Pages;
    before(async () => {
      pages = await servePages(await prepare());
    });
    after(() => pages.stop());
    define((check) => async () => {
      await check({ home: pages.url, feeds, chromium });
      expect(pages.problems(), 'what the server complained about').to.equal('');
    });
  };

  const prerendered = (directory: string) =>
    readFileSync(join(directory, 'dist/live-trades/browser/prices/index.html'), 'utf8');

  describe('without zone.js', () => {
    let directory: string;
    const prepare = async () => {
      directory = zoneless(feeds);
      await build(directory);
      return directory;
    };
    serving(prepare, (play) => {
      it('was prerendered while the feeds were up, and dialled nothing', () => {
        expect(prerendered(directory)).to.contain('SOL: not known yet');
        expect(feeds.counts().dialled).to.equal(0);
      });
      for (const [what, check] of Object.entries({ ...checks, ...inBrowser }))
        it(what, play(check));
    });
  });

  describe('with zone.js', () => {
    let directory: string;
    const prepare = async () => {
      directory = zoned(feeds);
      await feeds.down();
      await build(directory);
      await feeds.up();
      return directory;
    };
    serving(prepare, (play) => {
      it('was prerendered while the feeds were down', () => {
        expect(prerendered(directory)).to.contain('SOL: not known yet');
      });
      for (const [what, check] of Object.entries({ ...checks, ...quiet, ...inBrowser }))
        it(what, play(check));
    });
  });

  // Angular tells there of all that differs from the page of the server
  describe('in development mode, with zone.js, and with no page prerendered', () => {
    const prepare = async () => {
      const directory = zoned(feeds, 'development', nothingPrerendered);
      await build(directory, '--configuration=development');
      return directory;
    };
    serving(prepare, (play) => {
      for (const [what, check] of Object.entries(checks)) it(what, play(check));
    });
  });

  /** That a check fails, and for a reason of its own. */
  const refuted = (play: () => Promise<void>) => async () => {
    expect(String(await failureOf(play()))).to.match(
      /TimeoutError|was not loaded|to deeply equal|to equal|same members|what the/,
    );
  };

  const both = ['server', 'zone'] as const;
  let prerendering: Promise<unknown>;

  describe('without our handling of zones', () => {
    const prepare = async () => {
      // Angular gives up after 30 s; meanwhile the other tests run
      prerendering = failureOf(build(await passThrough(feeds, 'pass-through-prerendered', both)));
      const directory = await passThrough(feeds, 'pass-through-zone', ['zone']);
      await build(directory);
      return directory;
    };
    serving(prepare, (play) => {
      for (const [what, check] of Object.entries(quiet)) it(`not: ${what}`, refuted(play(check)));
    });
  });

  describe('without our handling of the server and of zones', () => {
    const prepare = async () => {
      const directory = await passThrough(feeds, 'pass-through', both, nothingPrerendered);
      await build(directory);
      return directory;
    };
    serving(prepare, (play) => {
      for (const [what, check] of Object.entries(checks)) it(`not: ${what}`, refuted(play(check)));
      it('not: it can be prerendered', async () => {
        expect(String(await prerendering)).to.match(
          /prerendering route '\/prices'[^]*TimeoutError/,
        );
      });
    });
  });
});
