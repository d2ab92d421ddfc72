// Searches with Lucene what `benches/search.rs` searches with dateline, for `searching.py`: the ten best, how many match exactly,
// and the best one's stored line. arguments: FILE FOLDER standard|english QUERIES
//
// QUERIES holds a class, a tab and a query in dateline's language a line. Words are looked for in title and body, the better of which
// counts, as dateline does. Nothing is kept from one run to the next: its cache of queries is off.
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.time.LocalDate;
import java.util.*;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.store.MMapDirectory;

public class LuceneSearch {
    static final int REPEATS = 15;
    static final long WARM = 3_000_000_000L;
    static Analyzer analyzer;
    static IndexSearcher searcher;
    static long sink;

    public static void main(String[] args) throws Exception {
        analyzer = args[2].equals("english") ? new EnglishAnalyzer() : new StandardAnalyzer();
        try (MMapDirectory folder = new MMapDirectory(Path.of(args[1]))) {
            if (!DirectoryReader.indexExists(folder)) index(Path.of(args[0]), folder);
            try (DirectoryReader reader = DirectoryReader.open(folder)) {
                System.err.println(reader.numDocs() + " articles in " + reader.leaves().size() + " segments");
                searcher = new IndexSearcher(reader);
                searcher.setQueryCache(null);
                searches(Path.of(args[3]));
            }
        }
    }

    static void index(Path file, MMapDirectory folder) throws IOException {
        IndexWriterConfig config = new IndexWriterConfig(analyzer).setRAMBufferSizeMB(500);
        try (IndexWriter writer = new IndexWriter(folder, config); BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Document document = Lucene.document(line);
                String date = Lucene.text(line, "date");
                if (date.length() >= 10) document.add(new LongField("day", day(date.substring(0, 10)), Field.Store.NO));
                writer.addDocument(document);
            }
        }
    }

    static long day(String date) {
        return LocalDate.parse(date).toEpochDay();
    }

    static void searches(Path file) throws IOException {
        Map<String, List<Query>> classes = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            if (line.matches("(near|person|everything)\t.*")) continue;
            String[] columns = line.split("\t", 2);
            classes.computeIfAbsent(columns[0], name -> new ArrayList<>()).add(parsed(columns[1]));
        }
        long until = System.nanoTime() + WARM * classes.size();
        while (System.nanoTime() < until) {
            for (List<Query> queries : classes.values()) for (Query query : queries) run(query, false);
            for (List<Query> queries : classes.values()) for (Query query : queries) run(query, true);
        }
        for (Map.Entry<String, List<Query>> queries : classes.entrySet()) {
            long matches = 0;
            List<Double> times = new ArrayList<>();
            for (Query query : queries.getValue()) {
                matches += searcher.count(query);
                times.add(Math.min(best(query, false), best(query, true)));
            }
            Collections.sort(times);
            int slow = (times.size() * 95 + 99) / 100 - 1;
            System.out.printf(Locale.ROOT, "%s\t%d\t%.3f\t%.3f%n", queries.getKey(), matches / times.size(),
                    times.get(times.size() / 2), times.get(slow));
        }
        System.err.println(sink);
    }

    static double best(Query query, boolean counted) throws IOException {
        long best = Long.MAX_VALUE;
        for (int run = 0; run <= REPEATS; run++) {
            long started = System.nanoTime();
            run(query, counted);
            if (run > 0) best = Math.min(best, System.nanoTime() - started);
        }
        return best / 1e6;
    }

    // all matches scored, or the ten best with what cannot be among them left out and the matches counted after: whichever is faster
    static void run(Query query, boolean counted) throws IOException {
        int threshold = counted ? 10 : Integer.MAX_VALUE;
        TopDocs top = searcher.search(query, new TopScoreDocCollectorManager(10, threshold));
        sink += counted ? searcher.count(query) : top.totalHits.value;
        if (top.scoreDocs.length > 0) sink += searcher.storedFields().document(top.scoreDocs[0].doc).get("line").length();
    }

    static Query parsed(String text) throws IOException {
        int dates = text.indexOf(" date:");
        if (dates >= 0) {
            String[] years = text.substring(dates + 6).split("\\.\\.");
            Query range = LongField.newRangeQuery("day", day(years[0] + "-01-01"), day(years[1] + "-12-31"));
            return new BooleanQuery.Builder().add(parsed(text.substring(0, dates)), BooleanClause.Occur.MUST)
                    .add(range, BooleanClause.Occur.FILTER).build();
        }
        if (text.startsWith("title:")) return of("title", text.substring(6));
        if (text.startsWith("\"")) return either(of("title", text), of("body", text));
        boolean any = text.contains(" OR ");
        String[] words = text.split(any ? " OR " : " ");
        if (words.length == 1) return either(of("title", text), of("body", text));
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        for (String word : words) all.add(parsed(word), any ? BooleanClause.Occur.SHOULD : BooleanClause.Occur.MUST);
        return all.build();
    }

    static Query either(Query title, Query body) {
        return new DisjunctionMaxQuery(List.of(title, body), 0.3f);
    }

    static Query of(String field, String text) throws IOException {
        if (text.endsWith("*")) return new PrefixQuery(new Term(field, text.substring(0, text.length() - 1)));
        if (text.endsWith("~1")) return new FuzzyQuery(new Term(field, text.substring(0, text.length() - 2)), 1);
        List<String> words = new ArrayList<>();
        try (TokenStream tokens = analyzer.tokenStream(field, text)) {
            CharTermAttribute word = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) words.add(word.toString());
        }
        if (words.isEmpty()) return new MatchNoDocsQuery();
        if (words.size() == 1) return new TermQuery(new Term(field, words.get(0)));
        return new PhraseQuery(field, words.toArray(String[]::new));
    }
}
