/** The emoji that a desk uses, by the names that people type after `:`. */

export interface Emoji {
	sign: string;
	name: string;
	/** other names for it */
	also: string[];
}

const LIST = `👍 thumbs up/yes/agree/+1|👎 thumbs down/no/disagree/-1|👏 clap/applause/well done|🙏 thanks/please|🙌 hooray/praise|💪 strong
👀 eyes/looking|✅ done/check/yes|✔️ correct/check mark|❌ wrong/no/cross|❓ question|❗ important/exclamation|‼️ very important|⚠️ warning/careful
🚩 flag/problem|🛑 stop|⛔ not allowed/forbidden|🔥 fire/hot|⭐ star|✨ sparkles/nice|🎉 party/congratulations|🏆 trophy|💯 hundred/exactly|💡 idea
🔍 search/look|🔎 fact check/magnify|📌 pin|📎 attachment/clip|🔗 link|📝 note/memo|✏️ pencil/edit|✂️ cut/shorten|📰 newspaper|🗞️ paper/press
📄 page/source|📚 books/sources|📊 figures/chart|📈 rising|📉 falling|📷 photo/picture|🎥 video|🎤 interview/microphone|🎧 audio/listen
📞 call/phone|📧 mail/e-mail|📅 date/calendar|⏰ deadline/alarm|⏳ waiting/hourglass|🕐 later/clock|⚖️ legal/law/scales|🤐 confidential/secret|🔒 locked/embargo
🌍 world|❤️ heart/love|🙂 smile|😀 grin/happy|😄 laugh|😂 tears of joy/laughing|😉 wink|😍 love it|🤔 thinking/hmm|🤨 doubt/eyebrow
😮 surprised/wow|😬 awkward/grimace|😅 phew/sweat|😕 confused|😢 sad/cry|😡 angry|🤷 shrug/do not know|🤦 facepalm|👋 hello/wave|☕ coffee`;

export const EMOJI: Emoji[] = LIST.split(/[|\n]/).map((entry) => {
	const at = entry.indexOf(' ');
	const [name, ...also] = entry.slice(at + 1).split('/');
	return { sign: entry.slice(0, at), name: name!, also };
});

/** Those with a name of which a word begins so, the likeliest first; all for an empty query. */
export function findEmoji(query: string): Emoji[] {
	const wanted = query.toLowerCase().replace(/_/g, ' ').trim();
	const begins = (name: string) => ` ${name}`.includes(` ${wanted}`);
	const rank = ({ name, also }: Emoji) =>
		name.startsWith(wanted) ? 2 : [name, ...also].some(begins) ? 1 : 0;
	return EMOJI.filter((emoji) => rank(emoji) > 0).sort((a, b) => rank(b) - rank(a));
}
