/**
 * The sample story: three short articles on one event, for a newcomer's first minute. Place, people, outlets and event are
 * invented. As in real coverage the same words are quoted with small differences, figures do not agree, and one copy
 * ends in a cut-off sentence and a sign-up line.
 */

export interface SampleArticle {
	title: string;
	text: string;
	source: { outlet: string; byline: string; url: string; publishedAt: string };
	language: string;
}

export const SAMPLE_STORY: SampleArticle[] = [
	{
		title: 'Marrowby closes its harbour bridge after inspectors find a crack',
		source: {
			outlet: 'The Marrowby Tide',
			byline: 'Ines Valdorf',
			url: 'https://tide.example.org/2026/harbour-bridge-closed',
			publishedAt: '2026-03-17'
		},
		language: 'en',
		text: `Marrowby closes its harbour bridge after inspectors find a crack
17 March 2026
The harbour bridge in Marrowby was closed to all traffic on Tuesday morning after a routine inspection found a crack “as long as a forearm” in one of its main girders.
Mayor Odalys Fenwright said the bridge, which carries about 14,000 vehicles a day, would stay shut for at least three weeks.
“I would rather answer for a long queue than for a short fall,” Fenwright told reporters on the quay. “Nobody crosses until the engineers tell me that they would cross it with their own children.”
The crack was found by Tobin Harl, an engineer with the county, who was checking bolts on the southern span shortly before six.
“It was not there in the autumn. I ran my finger along it and I called the police before I called my office,” Harl said.
The 61-year-old bridge was last repaired in 2019, when two of its eight bearings were replaced.
Ferries between the Old Quay and Sandholm will run every twenty minutes from Wednesday, free of charge, the harbour board said.
Shopkeepers on the southern side fear for the Easter trade. “Half my customers come over that bridge,” said Perrin Oake, who sells bread on Saltgate.
A first report by the engineers is expected on Friday.`
	},
	{
		title: 'Bridge closure cuts coastal town in two',
		source: {
			outlet: 'Northcoast Wire',
			byline: 'Staff',
			url: 'https://wire.example.com/region/marrowby-bridge',
			publishedAt: '2026-03-17'
		},
		language: 'en',
		text: `Region
Bridge closure cuts coastal town in two
The sudden closure of a bridge has cut the coastal town of Marrowby in two and left some 12,000 drivers a day looking for another way round.
County engineers shut the harbour bridge on Tuesday after discovering what one of them called a crack “the length of a forearm” in a steel girder.
“It wasn't there in autumn. I ran my finger along it and called the police before I called my own office,” engineer Tobin Harl said in a statement.
Mayor Odalys Fenwright defended the decision. “I'd rather answer for a long queue than a short fall,” she wrote on the town's website.
She did not say how long the repair would take, or what it would cost. The county put aside 2.4 million crowns for all of its bridges this year.
Critics said that the warning signs were old. Councillor Bram Tessel, of the opposition Harbour List, said he had asked for a full inspection “twice, in writing” after the repairs of 2020.
“The bridge did not crack on Tuesday. We only looked on Tuesday,” Tessel said.
The detour by Lower Wick takes about 40 minutes. Ambulances will be stationed on both sides of the water.
The bridge was opened in 1965.`
	},
	{
		title: '“Nobody crosses”: mayor shuts Marrowby bridge',
		source: {
			outlet: 'Sandholm Courier',
			byline: 'Lute Abernake',
			url: 'https://courier.example.org/news/nobody-crosses',
			publishedAt: '2026-03-18'
		},
		language: 'en',
		text: `“Nobody crosses”: mayor shuts Marrowby bridge
The mayor of Marrowby has ordered the town's only bridge over the harbour closed until engineers can promise that it is safe, ending weeks of rumours about its condition.
“Nobody crosses until the engineers tell me they would cross it with their own children,” Odalys Fenwright said on Tuesday at the Old Quay.
An inspection found a crack of some 40 centimetres in a girder of the northern span, according to the county.
The bridge carries around 14,000 cars and lorries every day and is the only road to the hospital at Sandholm.
Ferries will cross every half hour from Wednesday; foot passengers travel free, the harbour board said.
“Half of my customers come across that bridge,” said baker Perrin Oake. “By Easter I will know all the others by name.”
Councillor Bram Tessel called for an independent inquiry. “The bridge didn't crack on Tuesday. We only looked on Tuesday,” he said.
A spokeswoman for the county said that the report of the engineers, which is due on Friday, would be made public in full and that the repair could begin as soon as
Subscribe to our newsletter to stay`
	}
];
