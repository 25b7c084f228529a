import { GraphQLSocketTestingController } from 'rx-graphql-ws/testing';
import { Ticker } from './ticker.js';

let controller: GraphQLSocketTestingController;
let ticker: Ticker;

beforeEach(() => {
  jest.useFakeTimers();
  controller = new GraphQLSocketTestingController();
  ticker = new Ticker(controller);
});

afterEach(() => {
  jest.useRealTimers();
  ticker.destroy();
  controller.verify(); // last: nothing comes after it when it throws
});

test('shows the latest price', () => {
  ticker.show('SOL');
  controller.expectOne('Price').next({ price: { value: 7 } });
  expect(ticker.value).toBe(7);
});

test('says that the price may be old while the connection is lost', () => {
  ticker.show('SOL');
  controller.expectOne('Price').next({ price: { value: 7 } });
  controller.disconnect();
  expect(ticker.stale).toBe(true);
  controller.reconnect();
  controller.expectOne('Price').next({ price: { value: 8 } });
  expect(ticker).toMatchObject({ value: 8, stale: false });
});
