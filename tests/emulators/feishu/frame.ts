import protobuf from 'protobufjs';

/**
 * The long connection's frame. Its two numbers are of 64 bits; the SDK takes the class for those out of the protobuf library that both share, and small ones
 * look the same on the wire.
 * `method` 0 is control (ping, pong), 1 is data.
 */
export type Frame = {
  SeqID: number;
  LogID: number;
  service: number;
  method: number;
  headers: { key: string; value: string }[];
  payloadEncoding?: string;
  payloadType?: string;
  payload?: Uint8Array;
  LogIDNew?: string;
};

const frameType = protobuf
  .parse(
    `syntax = "proto2";
     package pbbp2;
     message Header { required string key = 1; required string value = 2; }
     message Frame {
       required uint32 SeqID = 1;
       required uint32 LogID = 2;
       required int32 service = 3;
       required int32 method = 4;
       repeated Header headers = 5;
       optional string payload_encoding = 6;
       optional string payload_type = 7;
       optional bytes payload = 8;
       optional string LogIDNew = 9;
     }`,
  )
  .root.lookupType('pbbp2.Frame');

export const encodeFrame = (frame: Frame): Buffer =>
  Buffer.from(frameType.encode(frameType.fromObject(frame)).finish());

export const decodeFrame = (bytes: Uint8Array): Frame =>
  frameType.toObject(frameType.decode(bytes), { longs: Number, arrays: true }) as Frame;

export const headersOf = (frame: Frame): Record<string, string> =>
  Object.fromEntries(frame.headers.map(({ key, value }) => [key, value]));
