declare global {
	namespace App {
		interface Error {
			message: string;
			/** why a review link opens nothing any more */
			ended?: 'revoked' | 'expired';
		}
	}
}
export {};
