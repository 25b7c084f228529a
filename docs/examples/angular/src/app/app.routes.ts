import type { Routes } from '@angular/router';
import { TradesPage } from './trades-page';

export const routes: Routes = [
  { path: '', component: TradesPage },
  { path: 'prices', loadChildren: () => import('./prices/prices.routes') },
];
