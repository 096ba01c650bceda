/** Where work is done one after the other: on the device that models run on, or at one server, named by its host. */
export type Lane = 'device' | `server ${string}`;
