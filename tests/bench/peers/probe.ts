/** Loaded into a server under measurement: on SIGUSR2 it collects garbage and says what is left. */
process.on('SIGUSR2', () => {
	gc!();
	const { heapUsed, external } = process.memoryUsage();
	console.error(`probe: ${JSON.stringify({ heap: heapUsed, external })}`);
});
