"""Prompts as people send them, in English and German, sorted by hand into easy and hard ones."""

EASY = [
    "Hi there!",
    "What is the capital of Portugal?",
    "Translate 'good morning' into Spanish.",
    "Who wrote Pride and Prejudice?",
    "Is this review positive or negative? 'The food was cold and the waiter rude.'",
    "Give me a synonym for happy.",
    "What does HTTP stand for?",
    "Fix the spelling: 'I recieved you're mesage yesteday.'",
    "How do you boil an egg?",
    "Say thank you in a friendly way.",
    "Which day comes after Tuesday?",
    "Extract the email address from: 'Contact Jo at jo@example.org for details.'",
    "What is 7 times 8?",
    "Name three fruits that are red.",
    "When did World War II end?",
    "Turn this into a question: The shop closes at six.",
    "Hallo, wie geht es dir?",
    "Was ist die Hauptstadt von Österreich?",
    "Übersetze 'Guten Abend' ins Englische.",
    "Wer hat die Zauberflöte komponiert?",
    "Ist dieser Satz freundlich oder unfreundlich? 'Lassen Sie mich in Ruhe.'",
    "Nenne ein anderes Wort für schnell.",
    "Wofür steht die Abkürzung GmbH?",
    "Korrigiere die Rechtschreibung: 'Ich habe ein Packet bekomen.'",
    "Wie lange kocht man Spaghetti?",
    "Welche Farbe hat der Himmel?",
    "Nenne mir den Vornamen in diesem Satz: 'Gestern kam Sabine zu spät.'",
    "Was ist 12 plus 30?",
    "Wann ist Weihnachten?",
    "Formuliere das höflicher: 'Mach die Tür zu.'",
    "In welchem Bundesland liegt München?",
    "Danke, das war alles.",
]

HARD = [
    "Prove that there are infinitely many primes of the form 4k + 3.",
    "Write a Python function that merges overlapping intervals in O(n log n), with type hints and unit "
    "tests for the edge cases.",
    "A train leaves Paris at 9:15 at 180 km/h, another leaves Lyon, 465 km away, at 9:45 at 220 km/h "
    "towards it. When and how far from Paris do they meet? Show each step.",
    "Compare event sourcing with a traditional relational model for a payments ledger. Discuss "
    "consistency, auditing, schema evolution and operational cost, and recommend one for a team of five.",
    "This code deadlocks now and then. Explain why and fix it without a global lock:\n```python\ndef "
    "transfer(a, b, amount):\n    with a.lock:\n        with b.lock:\n            a.balance -= "
    "amount\n            b.balance += amount\n```",
    "Draft a data processing agreement between a hospital and a cloud provider that must cover "
    "sub-processors, audits, breach notification within 24 hours and deletion, and explain each clause in "
    "one sentence.",
    "Five people of different nationalities live in five houses. The Brit lives in the red house, the "
    "Swede keeps dogs, the Dane drinks tea, the green house is left of the white one. If the owner of the "
    "green house drinks coffee and the Norwegian lives in the first house, which arrangements remain "
    "possible? Reason step by step.",
    "Derive the gradient of the softmax cross-entropy loss with respect to the logits and explain why the "
    "result is numerically convenient.",
    "Design a rate limiter for a distributed API gateway: at most 100 requests per second per tenant, no "
    "single point of failure, less than 5 ms added latency. Compare two algorithms and justify the choice.",
    "Translate this clause into plain English and list every obligation it creates for the tenant, with "
    "the deadline and the consequence of missing each: 'The Lessee shall, within fourteen days of receipt "
    "of written notice...'",
    "Refactor the following SQL so that it needs only one scan of the table:\nSELECT id FROM orders WHERE "
    "total > (SELECT AVG(total) FROM orders) AND customer_id IN (SELECT id FROM customers WHERE country = "
    "'DE');",
    "Evaluate the integral of x^2 * e^(-x) from 0 to infinity and generalise the result to x^n.",
    "Write a 1,200-word essay on whether central bank digital currencies threaten commercial banks, with a "
    "thesis, three arguments, the strongest counterargument and a conclusion.",
    "Given the quarterly figures below, find the anomaly, give three hypotheses for its root cause and say "
    "which data you would need to tell them apart. Q1: 1,204; Q2: 1,310; Q3: 702; Q4: 1,420. Returns: 3 %, "
    "3 %, 11 %, 4 %.",
    "First read the attached minutes, then list all decisions with their owner, after that find "
    "contradictions between them, and finally propose an agenda for the next meeting that resolves each "
    "one within 45 minutes.",
    "If A implies B, B implies not C, and either C or D must hold, what follows from A? Justify with a truth table.",
    "Beweise, dass die Quadratwurzel aus 3 irrational ist.",
    "Schreibe ein Python-Programm, das eine CSV-Datei mit fehlerhaften Datumsangaben einliest, sie "
    "bereinigt und die Fehlermeldungen mit Zeilennummer protokolliert. Berücksichtige mindestens drei "
    "Datumsformate und füge Tests hinzu.",
    "Ein Becken wird von zwei Rohren in 6 und 9 Stunden gefüllt, ein Abfluss leert es in 12 Stunden. Nach "
    "wie vielen Stunden ist es voll, wenn alle drei offen sind? Berechne es Schritt für Schritt.",
    "Vergleiche Wärmepumpe, Pelletheizung und Fernwärme für ein Mehrfamilienhaus von 1978. Berücksichtige "
    "Investition, Betriebskosten, Förderung und CO2 und begründe eine Empfehlung.",
    "Entwirf eine Datenbankstruktur für ein Krankenhaus mit Stationen, Betten, Patienten und Belegungen "
    "über die Zeit. Es darf nie ein Bett doppelt belegt sein; erkläre, wie du das sicherstellst.",
    "Analysiere, warum die Weimarer Republik scheiterte: Gewichte wirtschaftliche, verfassungsrechtliche "
    "und gesellschaftliche Ursachen gegeneinander und bewerte zwei gegensätzliche Positionen der Forschung.",
    "Erstelle einen Vertrag über die Überlassung von Software, der Haftung, Gewährleistung, "
    "Quelltext-Hinterlegung und Kündigung regelt, und erläutere zu jeder Klausel das Risiko für den "
    "Auftraggeber.",
    "In einer Urne liegen 5 rote und 7 blaue Kugeln. Es werden 4 ohne Zurücklegen gezogen. Wie groß ist "
    "die Wahrscheinlichkeit, genau 2 rote zu ziehen? Leite die Formel her.",
    "Dieser Code liefert manchmal falsche Ergebnisse. Finde die Ursache und schlage zwei Lösungen mit "
    "ihren Vor- und Nachteilen vor:\n```java\npublic int next() {\n    return counter++;\n}\n```",
    "Lies zuerst die Stellungnahme, fasse dann jede Forderung in einem Satz zusammen, prüfe anschließend, "
    "welche sich widersprechen, und entwickle schließlich einen Kompromiss, der höchstens zwei Seiten lang "
    "ist.",
    "Schreibe ein Gutachten zu der Frage, ob ein Arbeitgeber private Chatnachrichten auf Diensthandys "
    "auswerten darf. Beachte Grundrechte, Datenschutz und die Rechtsprechung und diskutiere die "
    "Gegenmeinung.",
    "Optimiere die Schichtplanung einer Klinik mit 12 Pflegekräften: Jede arbeitet höchstens 5 Tage, nach "
    "Nachtdienst folgen mindestens 11 Stunden Ruhe, am Wochenende genau 4 Personen. Formuliere es als "
    "lineares Programm.",
    "Herleitung gesucht: Warum ist die Ableitung von ln(x) gleich 1/x? Beginne bei der Definition der Umkehrfunktion.",
    "Bewerte das Geschäftsmodell eines Start-ups, das Lastenräder vermietet, anhand von Marktgröße, "
    "Wettbewerb, Kostenstruktur und Risiken, und entwickle drei Strategien für den Markteintritt in "
    "mittelgroßen Städten.",
    "Implementiere in Rust einen LRU-Cache mit Ablaufzeit je Eintrag, ohne unsafe, und erkläre die "
    "Komplexität jeder Operation.",
    "Ein Zug, der doppelt so schnell fährt wie ein Bus, braucht für 240 km zwei Stunden weniger. Wie "
    "schnell sind beide? Stelle die Gleichung auf und begründe, welche Lösung ausscheidet.",
]
