import { TestBed } from '@angular/core/testing';
import { withToken } from 'rx-graphql-ws/angular';
import { controllerOf, provideGraphQLSocketTesting } from 'rx-graphql-ws/angular/testing';
import { PricesPage } from './prices-page';
import { PRICES } from './prices-token';

it('PricesPage shows the price of the symbol that was chosen, from the socket of its route', async () => {
  TestBed.configureTestingModule({
    providers: [provideGraphQLSocketTesting({}, withToken(PRICES))],
  });
  const controller = TestBed.inject(controllerOf(PRICES));
  const fixture = TestBed.createComponent(PricesPage);
  fixture.componentInstance.symbol.set('ETH');
  fixture.detectChanges();
  controller.expectOne({ operationName: 'Price', variables: { symbol: 'BTC' } });
  controller
    .expectOne({ operationName: 'Price', variables: { symbol: 'ETH' } })
    .next({ price: { symbol: 'ETH', value: 7 } });
  await fixture.whenStable();
  expect(fixture.nativeElement.querySelector('.price').textContent).toBe('ETH: 7');
  fixture.destroy();
  controller.verify();
});
