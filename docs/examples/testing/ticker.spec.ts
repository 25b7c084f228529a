import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { GraphQLSocketTestingController } from 'rx-graphql-ws/testing';
import { Ticker } from './ticker.js';

describe('Ticker', () => {
  let controller: GraphQLSocketTestingController;
  let ticker: Ticker;

  beforeEach(() => {
    controller = new GraphQLSocketTestingController();
    ticker = new Ticker(controller);
  });

  afterEach(function () {
    ticker.destroy();
    // nothing was left open at the server; a hook that throws makes mocha skip the tests that follow
    if (this.currentTest?.state === 'passed') controller.verify();
  });

  const price = (symbol: string) =>
    controller.expectOne({ operationName: 'Price', variables: { symbol } });

  it('shows the latest price', () => {
    ticker.show('SOL');
    price('SOL').next({ price: { value: 7 } });
    expect(ticker.value).to.equal(7);
  });

  it('leaves the old symbol when it is given a new one', () => {
    ticker.show('SOL');
    const old = price('SOL');
    ticker.show('ETH');
    old.expectUnsubscribed();
    price('ETH').next({ price: { value: 4 } });
    expect(ticker.value).to.equal(4);
  });

  it('says that the price may be old while the connection is lost', () => {
    ticker.show('SOL');
    price('SOL').next({ price: { value: 7 } });
    controller.disconnect();
    expect(ticker).to.include({ value: 7, stale: true });

    controller.reconnect();
    price('SOL').next({ price: { value: 8 } }); // it was sent again
    expect(ticker).to.include({ value: 8, stale: false });
  });
});
