/** Where a token is looked for, and what becomes of sockets when theirs expires. */
export interface TokenOptions {
  /**
   * Where the token is: `?token=` of the URL, `Authorization: Bearer …` among the headers of the upgrade, or `token` in the payload of
   * `connection_init`.
   *
   * @defaultValue `'url'`
   */
  readonly in?: 'url' | 'header' | 'params' | undefined;
  /**
   * Code with which `expireToken()` closes open sockets.
   *
   * @defaultValue 4403
   */
  readonly closeCode?: 4403 | 4401 | undefined;
}

/** The levers of the option `tokens`. */
export interface TokenControls {
  /**
   * Lets every token used up to now expire: open sockets are closed with 4403, and dials with such a token refused with 401 from now on.
   * A token that was not used before works.
   *
   * @throws Error without the option `tokens`
   */
  expireToken(): void;
  /**
   * Revokes every token used up to now: dials with such a token are refused with 403 from now on. Open sockets stay open.
   *
   * @throws Error without the option `tokens`
   */
  revokeToken(): void;
}
