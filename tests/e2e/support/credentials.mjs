// What a user can show to say who it is, as the headers of a call.
import { takeToken } from "./user.mjs";

/** A JWT: what AUTH_MODE takes as `jwt`. */
export const jwt = async (stack, user) => ({ authorization: `Bearer ${await takeToken(stack.webUrl, user)}` });

/** Better Auth's cookie, from the web app's origin, as a browser sends it: what AUTH_MODE takes as `session`. */
export const cookie = async (stack, user) => ({ cookie: user.cookie, origin: stack.webUrl });

/** Better Auth's opaque session token, as a program would send it: `session` too. */
export const sessionToken = async (stack, user) => ({ authorization: `Bearer ${user.sessionToken}` });
