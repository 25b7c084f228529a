import { Injectable, signal } from '@angular/core';

/** Stands in for a request to your API. Each call gives another token; visitors get one, too. */
const fetchToken = async (user = 'visitor') => `${user}:${crypto.randomUUID()}`;

@Injectable({ providedIn: 'root' })
export class Session {
  readonly #user = signal<string | undefined>(undefined);
  readonly user = this.#user.asReadonly();
  #token: Promise<string> | undefined;

  login(user: string): void {
    this.#token = undefined;
    this.#user.set(user);
  }

  logout(): void {
    this.#token = undefined;
    this.#user.set(undefined);
  }

  token(): Promise<string> {
    return (this.#token ??= fetchToken(this.#user()));
  }

  /** For a token that was refused. */
  freshToken(): Promise<string> {
    this.#token = undefined;
    return this.token();
  }
}
