/*
 * ONNX Runtime 1.29 and later report to Microsoft from Linux and macOS unless told not to before they are loaded
 * (microsoft/onnxruntime#27379); they also leave a device id and a log in the folders for caches and temporary files. What an
 * artist draws stays on the machine, so this is imported before the runtime, and a value someone set by hand is not asked.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
