import { broadcastCreate, type BroadcastMessage } from '../../../contracts/broadcasts.js';

/** What the broadcast says, as the API makes it of the request. */
export function messageOf(request: Record<string, unknown>): BroadcastMessage {
  const {
    name: _name,
    to: _to,
    audience: _audience,
    spreadOver: _spreadOver,
    schedule: _schedule,
    ...message
  } = broadcastCreate.parse(request);
  return message;
}
