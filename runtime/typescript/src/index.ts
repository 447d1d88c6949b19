export * from "./clock.js";
export * from "./dead-letter.js";
export * from "./delivery.js";
export * from "./engine.js";
export * from "./memory.js";
export * from "./message.js";
