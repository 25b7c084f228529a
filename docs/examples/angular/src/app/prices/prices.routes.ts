import type { Routes } from '@angular/router';
import { provideGraphQLSocket, withToken } from 'rx-graphql-ws/angular';
import { PRICES_URL } from '../urls';
import { PricesPage } from './prices-page';
import { PRICES } from './prices-token';

const routes: Routes = [
  {
    path: '',
    component: PricesPage,
    providers: [
      provideGraphQLSocket({ url: PRICES_URL, keepAliveTimeout: 3_000 }, withToken(PRICES)),
    ],
  },
];

export default routes;
