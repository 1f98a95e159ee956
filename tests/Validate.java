import java.io.FileInputStream;
import java.io.InputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates PDF files with the engine of veraPDF: java Validate.java FILE... One line for each file and form. */
public class Validate {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        int failed = 0;
        for (String file : files) {
            for (String form : new String[] {"2a", "ua1"}) {
                PDFAFlavour flavour = PDFAFlavour.byFlavourId(form);
                try (InputStream stream = new FileInputStream(file);
                        PDFAParser parser = Foundries.defaultInstance().createParser(stream, flavour);
                        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
                    ValidationResult result = validator.validate(parser);
                    failed += result.isCompliant() ? 0 : 1;
                    System.out.println((result.isCompliant() ? "PASS " : "FAIL ") + form + " " + file);
                    for (TestAssertion each : result.getTestAssertions()) {
                        System.out.println("  " + each.getRuleId().getClause() + "-" + each.getRuleId().getTestNumber()
                                + " " + each.getStatus() + " " + each.getMessage());
                    }
                }
            }
        }
        System.exit(failed == 0 ? 0 : 1);
    }
}
