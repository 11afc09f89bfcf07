import { status as grpcStatus } from '@grpc/grpc-js';
import { isGrpcServiceError } from '@temporalio/client';
import mongoose from 'mongoose';

const awayCodes = [
  grpcStatus.UNAVAILABLE,
  grpcStatus.DEADLINE_EXCEEDED,
  grpcStatus.CANCELLED,
  // It is there, and takes no more at the moment.
  grpcStatus.RESOURCE_EXHAUSTED,
];

/** True for an error that says that Temporal or MongoDB cannot be reached. Walks the causes: the SDKs wrap what the network said. */
export function isAway(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 5) return false;
  if (isGrpcServiceError(error) && awayCodes.includes(error.code)) return true;
  const { mongo } = mongoose;
  if (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoTopologyClosedError ||
    (error instanceof mongo.MongoServerError && error.hasErrorLabel('RetryableWriteError')) ||
    error instanceof mongoose.Error.MongooseServerSelectionError ||
    /before initial connection is complete|Client must be connected|connection .* closed/i.test(error.message)
  ) {
    return true;
  }
  return isAway(error.cause, depth + 1);
}
