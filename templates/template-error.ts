import type { ChannelName } from '../contracts/channels.js';
import { CarillonError } from '../contracts/errors.js';

/** Which template is meant. */
export interface TemplatePlace {
  channel: ChannelName;
  /** e.g. `subject`, `body.user.name`; null where the channel has no text at all. */
  field: string | null;
  /** True for a template of the trigger's `content`, false for one of the type. */
  fromContent: boolean;
}

/**
 * A template that cannot be parsed or rendered. As it is a {@link CarillonError} with the code `unprocessable`, the
 * API answers it with 422 as it is; while a delivery is planned it is that channel's `content_error`.
 */
export class TemplateError extends CarillonError {
  readonly channel: ChannelName;
  readonly field: string | null;
  /** Dotted, as the API names places in a body: `content.email.subject`. */
  readonly path: string;

  constructor(
    place: TemplatePlace,
    readonly reason: string,
    /** Counted from 1; absent when the error is the whole template's. */
    readonly line?: number,
  ) {
    const path = [place.fromContent ? 'content' : null, place.channel, place.field].filter(Boolean).join('.');
    super('unprocessable', `${path}: ${reason}`, [{ path, message: reason }]);
    this.channel = place.channel;
    this.field = place.field;
    this.path = path;
  }
}
