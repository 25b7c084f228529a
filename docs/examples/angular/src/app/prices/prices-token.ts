import { InjectionToken } from '@angular/core';
import type { GraphQLSocket } from 'rx-graphql-ws';

/** The socket of this route. */
export const PRICES = new InjectionToken<GraphQLSocket>('PRICES');
