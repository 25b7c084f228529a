import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideGraphQLSocketTesting } from 'rx-graphql-ws/angular/testing';
import { GraphQLSocketTestingController } from 'rx-graphql-ws/testing';
import { Session } from './session';
import { TradesPage } from './trades-page';

describe('TradesPage', () => {
  let controller: GraphQLSocketTestingController;
  let fixture: ComponentFixture<TradesPage>;

  /** The text of all elements that match, after all changes. */
  const texts = (selector: string) => {
    fixture.detectChanges();
    const found: NodeListOf<HTMLElement> = fixture.nativeElement.querySelectorAll(selector);
    return Array.from(found, ({ textContent }) => textContent.trim());
  };
  const trade = (number: number) => ({ trade: { number, price: 100 + number } });

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [provideGraphQLSocketTesting()] });
    controller = TestBed.inject(GraphQLSocketTestingController);
    fixture = TestBed.createComponent(TradesPage);
    fixture.detectChanges();
    controller.expectOne('Volume').next({ volume: 5 });
  });

  afterEach(() => {
    fixture.destroy();
    controller.verify();
  });

  it('shows the trades, the latest first', () => {
    const trades = controller.expectOne('Trades');
    trades.next(trade(1));
    trades.next(trade(2));
    expect(texts('li')).toEqual(['2: 102', '1: 101']);
  });

  it('shows a gap where trades may be missing', () => {
    controller.expectOne('Trades').next(trade(1));
    controller.disconnect();
    controller.reconnect(); // both are sent again
    controller.expectOne('Volume');
    controller.expectOne('Trades').next(trade(3));
    const [latest, gap, first] = texts('li');
    expect([latest, first]).toEqual(['3: 103', '1: 101']);
    expect(gap).toMatch(/^Trades are missing since/);
  });

  it('shows the volume', () => {
    controller.expectOne('Trades');
    expect(texts('p')).toEqual(['The volume is 5.']);
  });

  it('shows the orders of the user alone, and those of nobody after the logout', () => {
    const session = TestBed.inject(Session);
    controller.expectOne('Trades');
    controller.expectNone('Orders');
    session.login('Ada');
    fixture.detectChanges();
    const orders = controller.expectOne('Orders');
    orders.next({ order: { number: 7, user: 'Ada' } });
    expect(texts('.order')).toEqual(['The last order of Ada has the number 7.']);
    session.logout();
    expect(texts('.order')).toEqual([]);
    orders.expectUnsubscribed();
  });
});
